-- history: what of a kind was changed since a moment

CREATE INDEX history_resource_at ON history (resource, at, resource_id);
