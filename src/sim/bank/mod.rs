//! Banks, played.
