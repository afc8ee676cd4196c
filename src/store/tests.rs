//! How a store behaves, whatever happens.
