DROP TABLE openid_used;
DROP TABLE openid_links;
