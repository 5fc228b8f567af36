//! Tests over the whole repository, without a browser.

mod pipeline;

mod tidy;
