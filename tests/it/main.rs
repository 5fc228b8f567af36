//! Tests over the whole repository, without a browser.

mod answers;

mod evidence;

mod faults;

mod pipeline;

mod tidy;
