DROP TABLE account_letters;
