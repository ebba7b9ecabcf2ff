// Package report holds why it happened, and what is done so that it never happens twice.
//
// S1 asks for it in one sentence: on recovery, promise a full report on cause and corrective action. To a customer it is a page with a date
// that was promised: what happened in the order it happened, why, why nobody saw it coming, and a list of actions, each with a date. A
// report is written behind the scenes and published as revision 1; what is put right afterwards is a further revision, with its reason, and
// nothing that was read once goes away.
//
//	report: draft ⇄ in_review → published (then corrected by revisions)
//	action: open → done → verified, and back to open when it did not hold; or dropped, with the reason in public
//
// Done is not enough: an action is verified after a time of waiting, by somebody other than whoever did it, who says what they saw. When
// the same cause returns, every action against it is open again, whatever it was called before.
package report
