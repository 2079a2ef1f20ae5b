//! Decisions (quyết định) of a People's Committee and the certificates (giấy chứng nhận) that they make or
//! end; and the letters (công văn) under which lists go up.

pub mod api;
pub mod candidate_store;
pub mod candidates;
pub mod certificate_api;
pub mod certificate_paper;
pub mod certificate_pdf;
pub mod certificate_steps;
pub mod certificate_store;
pub mod certificate_thing;
pub mod certificate_view;
pub mod content;
pub mod demand_store;
pub mod draft;
pub mod extension;
pub mod extension_store;
pub mod fitness;
pub mod form;
pub mod dispatch;
pub mod dispatch_store;
pub mod notice;
pub mod notice_store;
pub mod package;
pub mod paper;
pub mod paper_store;
pub mod promulgation;
pub mod result_notice;
pub mod results;
pub mod rules;
pub mod session_papers;
pub mod standing_store;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use certificate_store::Certificate;
pub use certificate_thing::IssuedCertificate;
pub use result_notice::ResultNotice;
pub use store::Decision;
