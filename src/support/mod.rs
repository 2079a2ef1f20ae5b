//! Support money (hỗ trợ kinh phí): policies as data, claims of producers from their papers to the payment, and rewards by
//! star that a decision of recognition brings (123/2018/NQ-HĐND and what followed; 513/QĐ-UBND).

pub mod claim;
pub mod policy;
pub mod reward;
pub mod rules;

pub use claim::SupportClaim;
pub use policy::SupportPolicy;
pub use reward::Reward;
