package audience

import (
	"strings"
	"time"

	"candor/lang"
	"candor/money"
	"candor/problem"
)

// A Description is a customer's profile as somebody typed it.
type Description struct {
	External, Name, Language, Zone, Plan, Fee, Currency string
}

// Describe checks a profile, everything at once.
func Describe(in Description) (c Customer, faults problem.List) {
	for _, text := range [...]struct {
		field, typed string
		into         *string
	}{{"external", in.External, &c.External}, {"name", in.Name, &c.Name}, {"plan", in.Plan, &c.Plan}} {
		typed := strings.TrimSpace(text.typed)
		switch {
		case strings.IndexFunc(typed, control) >= 0 || strings.ToValidUTF8(typed, "") != typed:
			faults.Add(problem.Field(text.field, "problem.line.break"))
		case len(typed) > longestName:
			faults.Add(problem.Field(text.field, "problem.line.long", "limit", longestName))
		}
		*text.into = typed
	}
	if c.External == "" {
		faults.Add(problem.Field("external", "problem.import.nobody"))
	}
	if c.Language = lang.Tag(in.Language); !c.Language.Known() {
		faults.Add(problem.Field("language", "problem.choice"))
	}
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" {
		faults.Add(problem.Field("zone", "problem.zone"))
	}
	c.Zone = in.Zone
	if in.Fee != "" {
		fee, err := money.Parse(in.Fee, in.Currency)
		if err != nil {
			faults.Add(problem.Field("fee", "problem.import.fee", "typed", in.Fee))
		}
		c.Fee = fee
	}
	return c, faults
}

// ParseFor takes what was typed for a channel that a customer can be reached by without having asked for it in a browser.
func ParseFor(channel, typed, region string) (Address, *problem.Problem) {
	switch channel {
	case Email:
		return ParseAddress(typed)
	case SMS, Voice:
		return ParsePhone(typed, region)
	case Webhook:
		return ParseURL(typed)
	}
	return "", problem.Field("channel", "problem.choice")
}

// Same reports whether two contacts are the same address on the same channel.
func (c Contact) Same(o Contact) bool { return sameAddress(c, o) }
