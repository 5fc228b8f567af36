//! Tests over the whole repository, without a browser.

mod answers;

mod catalogues;

mod evidence;

mod faults;

mod pipeline;

mod tidy;
