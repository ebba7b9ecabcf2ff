package console

import (
	"strings"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/staff"
)

// An option is one of several words to choose from.
type option struct {
	Value, Word string
	Chosen      bool
}

// A choice is a question with its options: radios drawn as a row of words, or a select.
type choice struct {
	Name, Legend, Hint string
	Options            []option
	Fault              fault
}

// ID is Name as an element may be called.
func (c choice) ID() string { return idOf(c.Name) }

// idOf is a field's name without what an identifier may not hold.
func idOf(name string) string { return strings.NewReplacer(".", "-", "/", "-").Replace(name) }

// An input is one line to type.
type input struct {
	Name, Legend, Hint, Type, Value, Auto string
	Which                                 choice // of two times with one name; see moment
	Fault                                 fault
}

// ID is Name as an element may be called.
func (i input) ID() string { return idOf(i.Name) }

// input shows value, or what was typed if the form comes back.
func (s shell) input(name, kind, legend, hint, value string) input {
	if s.typed.Has(name) && kind != "password" {
		value = s.typed.Get(name)
	}
	return input{Name: name, Type: kind, Legend: legend, Hint: hint, Value: value, Fault: s.Err(name)}
}

// choose builds the options of an enumeration: the word comes from the catalogue under the prefix.
func choose[T ~string](s shell, name, legend, prefix string, all []T, chosen T) choice {
	c := choice{Name: name, Legend: legend, Fault: s.Err(name)}
	for _, v := range all {
		c.Options = append(c.Options, option{Value: string(v), Word: s.Words.T(prefix + string(v)), Chosen: v == chosen})
	}
	return c
}

func yesNo(s shell, name, legend string, yes bool) choice {
	return choice{Name: name, Legend: legend, Fault: s.Err(name), Options: []option{
		{Value: "no", Word: "No", Chosen: !yes}, {Value: "yes", Word: "Yes", Chosen: yes},
	}}
}

// people that may be chosen as author or lead; first is what an empty choice means.
func peopleChoice(s shell, name, legend string, all []staff.Person, chosen string) choice {
	c := choice{Name: name, Legend: legend, Fault: s.Err(name)}
	for _, p := range all {
		if p.Active() || string(p.ID) == chosen {
			c.Options = append(c.Options, option{Value: string(p.ID), Word: p.Name, Chosen: string(p.ID) == chosen})
		}
	}
	return c
}

func languageChoice(s shell, name, legend string, all []lang.Tag, chosen lang.Tag) choice {
	c := choice{Name: name, Legend: legend, Fault: s.Err(name)}
	for _, tag := range all {
		c.Options = append(c.Options, option{Value: string(tag), Word: tag.Name(), Chosen: tag == chosen})
	}
	return c
}

func askingChoice(s shell, chosen settings.Asking) choice {
	words := map[settings.Asking]string{
		settings.AskingIfStaffed: "While somebody may make calls", settings.AskingOn: "Yes", settings.AskingOff: "No",
	}
	c := choice{Name: "call_requests", Legend: "Customers may ask to be called", Fault: s.Err("call_requests")}
	for _, a := range settings.Askings {
		c.Options = append(c.Options, option{Value: string(a), Word: words[a], Chosen: a == chosen})
	}
	return c
}

func overrideChoice(s shell, chosen incident.Impact) choice {
	c := choice{Name: "impact", Legend: "Impact", Fault: s.Err("impact"), Options: []option{{Word: "As the components say", Chosen: chosen == ""}}}
	for _, i := range incident.Impacts {
		c.Options = append(c.Options, option{Value: string(i), Word: s.ImpactWord(i), Chosen: i == chosen})
	}
	return c
}

// statusOptions offers a component's statuses, an unchanged one first.
func statusOptions(s shell, now, chosen component.Status) []option {
	all := []option{{Value: "", Word: "As it is: " + s.ComponentWord(now), Chosen: chosen == ""}}
	for _, c := range component.Statuses {
		if c != now || c != component.Operational { // another incident may have set it already
			all = append(all, option{Value: string(c), Word: s.ComponentWord(c), Chosen: c == chosen})
		}
	}
	return all
}
