//! Statements and what becomes of them.
