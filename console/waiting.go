package console

// A waitingRow is a language the words are not written in yet, and who reads it.
type waitingRow struct {
	Language               string
	Customers, Subscribers int64
}

// await lists the languages that are missing against who is waiting for them. A text nobody has begun is missing in all of them, which is
// no news.
func (p *preview) await(s shell, d draft) {
	if p.Waiting = nil; d.Body.Empty() {
		return
	}
	for _, tag := range s.Company.Languages {
		if d.Body.Trimmed()[tag] != "" {
			continue
		}
		row := waitingRow{Language: tag.Name()}
		for _, r := range p.readers {
			if r.Language == tag {
				row.Subscribers = r.Contacts
			}
		}
		if p.Customers != nil {
			row.Customers = p.Customers.Languages[tag]
		}
		p.Waiting = append(p.Waiting, row)
	}
}
