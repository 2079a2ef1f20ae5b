-- stamps: how often anything changed that a scan shows, so that what was read once is good until it is another number

INSERT INTO counters (name, value) VALUES ('passport_changes', 0);

CREATE TRIGGER activations_insert_passport_changes AFTER INSERT ON activations
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER activations_update_passport_changes AFTER UPDATE ON activations
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER activations_delete_passport_changes AFTER DELETE ON activations
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER agenda_items_insert_passport_changes AFTER INSERT ON agenda_items
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER agenda_items_update_passport_changes AFTER UPDATE ON agenda_items
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER agenda_items_delete_passport_changes AFTER DELETE ON agenda_items
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER appeals_insert_passport_changes AFTER INSERT ON appeals
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER appeals_update_passport_changes AFTER UPDATE ON appeals
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER appeals_delete_passport_changes AFTER DELETE ON appeals
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER certificates_insert_passport_changes AFTER INSERT ON certificates
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER certificates_update_passport_changes AFTER UPDATE ON certificates
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER certificates_delete_passport_changes AFTER DELETE ON certificates
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER cycles_insert_passport_changes AFTER INSERT ON cycles
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER cycles_update_passport_changes AFTER UPDATE ON cycles
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER cycles_delete_passport_changes AFTER DELETE ON cycles
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER dossier_submissions_insert_passport_changes AFTER INSERT ON dossier_submissions
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER dossier_submissions_update_passport_changes AFTER UPDATE ON dossier_submissions
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER dossier_submissions_delete_passport_changes AFTER DELETE ON dossier_submissions
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER dossiers_insert_passport_changes AFTER INSERT ON dossiers
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER dossiers_update_passport_changes AFTER UPDATE ON dossiers
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER dossiers_delete_passport_changes AFTER DELETE ON dossiers
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER holds_insert_passport_changes AFTER INSERT ON holds
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER holds_update_passport_changes AFTER UPDATE ON holds
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER holds_delete_passport_changes AFTER DELETE ON holds
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER lot_events_insert_passport_changes AFTER INSERT ON lot_events
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER lot_events_update_passport_changes AFTER UPDATE ON lot_events
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER lot_events_delete_passport_changes AFTER DELETE ON lot_events
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER lots_insert_passport_changes AFTER INSERT ON lots
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER lots_update_passport_changes AFTER UPDATE ON lots
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER lots_delete_passport_changes AFTER DELETE ON lots
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER pictures_insert_passport_changes AFTER INSERT ON pictures
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER pictures_update_passport_changes AFTER UPDATE ON pictures
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER pictures_delete_passport_changes AFTER DELETE ON pictures
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER producers_insert_passport_changes AFTER INSERT ON producers
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER producers_update_passport_changes AFTER UPDATE ON producers
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER producers_delete_passport_changes AFTER DELETE ON producers
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER products_insert_passport_changes AFTER INSERT ON products
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER products_update_passport_changes AFTER UPDATE ON products
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER products_delete_passport_changes AFTER DELETE ON products
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER results_insert_passport_changes AFTER INSERT ON results
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER results_update_passport_changes AFTER UPDATE ON results
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER results_delete_passport_changes AFTER DELETE ON results
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER stamp_displays_insert_passport_changes AFTER INSERT ON stamp_displays
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER stamp_displays_update_passport_changes AFTER UPDATE ON stamp_displays
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER stamp_displays_delete_passport_changes AFTER DELETE ON stamp_displays
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER stamp_orders_insert_passport_changes AFTER INSERT ON stamp_orders
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER stamp_orders_update_passport_changes AFTER UPDATE ON stamp_orders
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER stamp_orders_delete_passport_changes AFTER DELETE ON stamp_orders
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;

CREATE TRIGGER voids_insert_passport_changes AFTER INSERT ON voids
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER voids_update_passport_changes AFTER UPDATE ON voids
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
CREATE TRIGGER voids_delete_passport_changes AFTER DELETE ON voids
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'passport_changes'; END;
