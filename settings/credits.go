package settings

import (
	"time"

	"candor/money"
	"candor/problem"
)

// Credits is what the company decided about money back.
type Credits struct {
	// SecondAbove are the sums above which a run needs a second person's approval, one for each currency; with one named, a run in any other
	// currency needs it too. None: one person is enough.
	SecondAbove []money.Amount `json:"second_above,omitempty"`
	// Word is what the page of an open incident says about money back.
	Word CreditWord `json:"word,omitempty"`
	// Within is by when after the first word it is decided; only where Word is a decision.
	Within time.Duration `json:"within,omitempty"`
}

// A CreditWord is how money comes back, as customers are told while nobody knows yet how much.
type CreditWord string

const (
	CreditsUnsaid    CreditWord = ""
	CreditsDecided   CreditWord = "decided"   // by a time that is promised
	CreditsAutomatic CreditWord = "automatic" // by the contract, without anybody asking
	CreditsAsked     CreditWord = "asked"     // to who asks
)

// CreditWords in the order the console offers them.
var CreditWords = [...]CreditWord{CreditsUnsaid, CreditsDecided, CreditsAutomatic, CreditsAsked}

const (
	mostLimits   = 50
	shortestWait = time.Hour
	longestWait  = 90 * 24 * time.Hour
)

func (c Credits) check() (wrong problem.List) {
	known := false
	for _, word := range CreditWords {
		known = known || word == c.Word
	}
	if !known {
		wrong.Add(problem.Field("credits.word", "problem.choice"))
	}
	if c.Word == CreditsDecided && (c.Within < shortestWait || c.Within > longestWait) {
		wrong.Add(problem.Field("credits.within", "problem.credits.within"))
	}
	seen := map[string]bool{}
	for _, limit := range c.SecondAbove {
		if _, known := money.Digits(limit.Currency); !known || limit.Minor < 0 || seen[limit.Currency] {
			wrong.Add(problem.Field("credits.second_above", "problem.credits.limit"))
		}
		seen[limit.Currency] = true
	}
	if len(c.SecondAbove) > mostLimits {
		wrong.Add(problem.Field("credits.second_above", "problem.credits.limit"))
	}
	return wrong
}
