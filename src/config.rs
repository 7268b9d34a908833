//! Configuration: one TOML file over an embedded reference file, every key overridable by environment.
