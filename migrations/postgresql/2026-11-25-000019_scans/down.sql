DELETE FROM stamp_visitors;
