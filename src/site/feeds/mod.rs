//! What programs read of the site: for search engines the sitemap and `robots.txt`, for readers a feed of what is newly
//! certified, for e-commerce floors the catalogue as JSON-LD and as a table. All of it is in Vietnamese, so that one
//! address is one document.

pub mod answer;
pub mod catalogue;
pub mod newest;
pub mod robots;
pub mod sitemap;
pub mod store;
pub mod table;
pub mod xml;
