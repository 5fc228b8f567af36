//! Tests over the whole repository, without a browser.

mod answers;

mod faults;

mod pipeline;

mod tidy;
