-- defence: as which kind of producer a dossier is scored, fixed with its criteria set
ALTER TABLE dossiers ADD COLUMN scored_as TEXT;
