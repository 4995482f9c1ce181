//! Synchronization: first against a pretended platform, then against the simulator.

mod engine;
mod failures;
mod leases;
mod pretend;
mod stage;
mod tokens;
