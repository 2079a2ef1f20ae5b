DROP TABLE personal_data_requests;
