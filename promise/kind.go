package promise

// A Kind says what was promised.
type Kind string

const (
	NextUpdate       Kind = "next_update"       // the next word on an open incident
	DataAnswer       Kind = "data_answer"       // whether data was harmed
	Report           Kind = "report"            // cause and corrective action
	CorrectiveAction Kind = "corrective_action" // what is done so that it never happens twice
	Credit           Kind = "credit"            // money back
	CallBack         Kind = "call_back"         // one customer is called
	LegalNotice      Kind = "legal_notice"      // what a law or a contract wants said
)

// Kinds are all kinds, in the order of an incident's life.
func Kinds() []Kind {
	return []Kind{NextUpdate, DataAnswer, CallBack, LegalNotice, Report, Credit, CorrectiveAction}
}

// To says to whom it was promised.
type To string

const (
	Customers To = "customers" // everybody may see whether it is kept
	OneOfThem To = "customer"  // a single customer, whose business it is alone
	Staff     To = "staff"     // nobody outside
)

// to is whom promises of a kind are made to unless the promise says otherwise. A kind nobody knows is nobody else's business.
func (k Kind) to() To {
	switch k {
	case NextUpdate, DataAnswer, Report, Credit, CorrectiveAction:
		return Customers
	case CallBack:
		return OneOfThem
	}
	return Staff
}

// MadeTo is to whom p was made: as it says itself, else as its kind has it.
func (p Promise) MadeTo() To {
	if p.To == "" {
		return p.Kind.to()
	}
	return p.To
}

// Public reports whether everybody may see p and what became of it. Whether its incident is public is another question.
func (p Promise) Public() bool { return p.MadeTo() == Customers }
