DROP INDEX history_resource_at;
