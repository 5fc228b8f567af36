//! speech model
