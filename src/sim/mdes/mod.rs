//! MDES, played.
