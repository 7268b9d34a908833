//! Attacks on a wallet, played.

mod send_my_link;

pub use send_my_link::send_my_link;
