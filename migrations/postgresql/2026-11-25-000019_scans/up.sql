-- Visitors are counted by their network from here on: those that were counted by address begin anew.
DELETE FROM stamp_visitors;
