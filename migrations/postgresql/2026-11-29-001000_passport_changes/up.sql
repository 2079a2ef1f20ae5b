-- stamps: how often anything changed that a scan shows, so that what was read once is good until it is another number

INSERT INTO counters (name, value) VALUES ('passport_changes', 0);

-- Raised at the end of a transaction, after all that it waits for, so that nobody waits for others in a circle; once is enough,
-- and a row that was only taken did not change.
CREATE FUNCTION raise_passport_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN
        UPDATE counters SET value = value + 1
        WHERE name = 'passport_changes' AND xmin <> pg_current_xact_id()::xid;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER activations_passport_changes AFTER INSERT OR UPDATE OR DELETE ON activations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER agenda_items_passport_changes AFTER INSERT OR UPDATE OR DELETE ON agenda_items
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER appeals_passport_changes AFTER INSERT OR UPDATE OR DELETE ON appeals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER certificates_passport_changes AFTER INSERT OR UPDATE OR DELETE ON certificates
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER cycles_passport_changes AFTER INSERT OR UPDATE OR DELETE ON cycles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER dossier_submissions_passport_changes AFTER INSERT OR UPDATE OR DELETE ON dossier_submissions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER dossiers_passport_changes AFTER INSERT OR UPDATE OR DELETE ON dossiers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER holds_passport_changes AFTER INSERT OR UPDATE OR DELETE ON holds
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER lot_events_passport_changes AFTER INSERT OR UPDATE OR DELETE ON lot_events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER lots_passport_changes AFTER INSERT OR UPDATE OR DELETE ON lots
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER pictures_passport_changes AFTER INSERT OR UPDATE OR DELETE ON pictures
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER producers_passport_changes AFTER INSERT OR UPDATE OR DELETE ON producers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER products_passport_changes AFTER INSERT OR UPDATE OR DELETE ON products
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER results_passport_changes AFTER INSERT OR UPDATE OR DELETE ON results
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER stamp_displays_passport_changes AFTER INSERT OR UPDATE OR DELETE ON stamp_displays
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER stamp_orders_passport_changes AFTER INSERT OR UPDATE OR DELETE ON stamp_orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
CREATE CONSTRAINT TRIGGER voids_passport_changes AFTER INSERT OR UPDATE OR DELETE ON voids
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_passport_changes();
