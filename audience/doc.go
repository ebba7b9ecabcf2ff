// Package audience holds whom we can reach, and what they allowed us to send.
//
// A person gives an address once, confirms it by answering from it, and from then on decides: which components, which language, every
// update or only what changes something, and when it ends. An address that asked us to stop, or that does not exist, is suppressed by
// address, not by contact, so that no import and no second subscription brings it back behind the person's back.
package audience
