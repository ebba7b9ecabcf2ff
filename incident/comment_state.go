package incident

import (
	"slices"
	"time"
)

// A CommentState is how far a comment has come.
type CommentState string

const (
	CommentUnconfirmed CommentState = "unconfirmed" // its author has not said yet that the address is theirs
	CommentChecking    CommentState = "checking"    // somebody outside is asked whether it is spam
	CommentHeld        CommentState = "held"        // one of us decides
	CommentShown       CommentState = "shown"
	CommentHidden      CommentState = "hidden" // its place says why
	CommentLapsed      CommentState = "lapsed" // nobody confirmed it in time
)

// commentMoves is the only table of what may follow what. Nothing leads from shown to anywhere but hidden: what was on the page leaves a mark.
var commentMoves = map[CommentState][]CommentState{
	CommentUnconfirmed: {CommentChecking, CommentHeld, CommentShown, CommentHidden, CommentLapsed},
	CommentChecking:    {CommentHeld, CommentShown, CommentHidden},
	CommentHeld:        {CommentShown, CommentHidden},
	CommentShown:       {CommentHidden},
	CommentHidden:      {CommentShown},
}

// May reports whether a comment may come to a state from where it is. What was hidden comes back only while its words are still there.
func (c Comment) May(to CommentState) bool {
	if c.State == CommentHidden && !c.ErasedAt.IsZero() {
		return false
	}
	return slices.Contains(commentMoves[c.State], to)
}

// A HideReason is why a comment may be hidden. Criticism is not among them, nor is being wrong, rude about our work, or repeated by many.
type HideReason string

const (
	HideSpam      HideReason = "spam"
	HidePersonal  HideReason = "personal_data"
	HideAbuse     HideReason = "abuse"
	HideUnlawful  HideReason = "unlawful"
	HideWithdrawn HideReason = "withdrawn" // by its author, and by nobody else
)

// HideReasons are those that one of us may give, in the order the console offers them.
var HideReasons = [...]HideReason{HideSpam, HidePersonal, HideAbuse, HideUnlawful}

// ErasesAtOnce reports whether the words go for good the moment a comment is hidden: whoever wrote them, or whom they are about, has a right to it.
func (r HideReason) ErasesAtOnce() bool {
	return r == HidePersonal || r == HideUnlawful || r == HideWithdrawn
}

// LeavesMark reports whether a comment that is hidden has a place on the page. What was ever shown has one; of what never was, only spam has none:
// a thousand marks would be the spammer's page. It is counted below the conversation instead.
func (c Comment) LeavesMark() bool { return c.Number > 0 || c.Reason != HideSpam }

// Erase empties what is personal. The row, its place, its reason and who decided stay.
func (c *Comment) Erase(at time.Time) {
	c.Name, c.Body, c.Contact, c.Origin, c.ErasedAt = "", "", "", Origin{}, at
}
