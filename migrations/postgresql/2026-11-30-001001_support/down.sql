DROP TABLE reward_items;
DROP TABLE rewards;
DROP TABLE support_claim_files;
DROP TABLE support_claims;
DROP TABLE support_policies;
