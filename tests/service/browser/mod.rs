//! The pages in a real browser: Debian's Chromium, driven over WebDriver. Without it these tests are skipped.

mod catalogue;
mod council_walk;
mod counting;
mod desk_walk;
mod doubt;
mod driver;
mod every_page;
mod goods_walk;
mod ground;
mod hostile;
mod keyboard;
mod openid_walk;
mod pages;
mod sheet;
mod stamp;
mod visit;
