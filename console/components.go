package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A componentsPage is the tree of what customers use.
type componentsPage struct {
	shell
	Rows []componentRow
}

type componentRow struct {
	component.Component
	Name    string
	Mark    mark
	Child   bool
	Options []option
}

func (f *Face) showComponents(w http.ResponseWriter, r *http.Request) error {
	var p componentsPage
	s, err := f.frame(r, "Components", "", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Components.All(ctx)
		for _, c := range tree(all) {
			row := componentRow{Component: c, Name: s.In(c.Name), Mark: s.Mark(c.Status), Child: c.GroupID != ""}
			for _, status := range component.Statuses {
				row.Options = append(row.Options, option{Value: string(status), Word: s.ComponentWord(status), Chosen: status == c.Status})
			}
			p.Rows = append(p.Rows, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "components", p)
}

// A componentPage is the form of one.
type componentPage struct {
	shell
	ID                                       id.Component
	Heading                                  string
	Group                                    bool
	Names, Descriptions                      []input
	DescriptionsOpen                         bool
	GroupID                                  choice
	Position, StartDate                      input
	Earns, OnlyIfDegraded, Showcase, Private bool
	Depends                                  []option
}

func (f *Face) showNewComponent(w http.ResponseWriter, r *http.Request) error {
	form := desk.ComponentForm{Group: r.URL.Query().Get("group") == "1", Showcase: true}
	return f.renderComponent(w, r, http.StatusOK, "", &form, nil)
}

func (f *Face) showComponent(w http.ResponseWriter, r *http.Request) error {
	c, err := componentOf(r)
	if err != nil {
		return err
	}
	return f.renderComponent(w, r, http.StatusOK, c, nil, nil)
}

func componentOf(r *http.Request) (id.Component, error) {
	c, err := id.Parse[id.Component](r.PathValue("component"))
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return c, nil
}

// renderComponent shows the form as it was typed, or as the component is.
func (f *Face) renderComponent(w http.ResponseWriter, r *http.Request, status int, c id.Component, form *desk.ComponentForm, faults problem.List) error {
	p := componentPage{ID: c}
	s, err := f.frame(r, "Component", "", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		if c != "" {
			stored, err := tx.Components.ByID(ctx, c)
			if err != nil {
				return err
			}
			p.Heading = s.In(stored.Name)
			if form == nil {
				form = formOf(stored)
			}
		}
		*s = s.asTyped(r, faults)
		p.view(*s, *form, all)
		return nil
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, status, "component", p)
}

func formOf(c component.Component) *desk.ComponentForm {
	return &desk.ComponentForm{
		Group: c.Group, GroupID: c.GroupID, Name: c.Name, Description: c.Description, Position: c.Position, Earns: c.Earns,
		Private: c.Private, OnlyIfDegraded: c.OnlyIfDegraded, Showcase: c.Showcase, StartDate: c.StartDate, DependsOn: c.DependsOn,
	}
}

func (p *componentPage) view(s shell, form desk.ComponentForm, all []component.Component) {
	p.Group, p.Earns, p.OnlyIfDegraded, p.Showcase, p.Private = form.Group, form.Earns, form.OnlyIfDegraded, form.Showcase, form.Private
	for _, tag := range s.Company.Languages {
		p.Names = append(p.Names, s.input("name."+string(tag), "text", "Name", tag.Name(), form.Name[tag]))
		p.Descriptions = append(p.Descriptions, s.input("description."+string(tag), "text", "Description", tag.Name(), form.Description[tag]))
	}
	p.DescriptionsOpen = !form.Description.Empty()
	p.GroupID = choice{Name: "group_id", Legend: "Group", Fault: s.Err("group_id"), Options: []option{{Word: "None", Chosen: form.GroupID == ""}}}
	position := ""
	if form.Position > 0 {
		position = strconv.Itoa(form.Position)
	}
	p.Position = s.input("position", "number", "Position", "Among its neighbours. Empty: last", position)
	p.StartDate = s.input("start_date", "date", "In use since", "Its 90 days begin there", dateOf(form.StartDate, s.Zone))
	needs := map[id.Component]bool{}
	for _, c := range form.DependsOn {
		needs[c] = true
	}
	for _, c := range tree(all) {
		switch {
		case c.ID == p.ID:
		case c.Group:
			p.GroupID.Options = append(p.GroupID.Options, option{Value: string(c.ID), Word: s.In(c.Name), Chosen: c.ID == form.GroupID})
		default:
			p.Depends = append(p.Depends, option{Value: string(c.ID), Word: s.In(c.Name), Chosen: needs[c.ID]})
		}
	}
}

func dateOf(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.DateOnly)
}

func (f *Face) parseComponent(r *http.Request) (desk.ComponentForm, error) {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return desk.ComponentForm{}, err
	}
	in := typed(r, s.Zone)
	group, _ := id.Parse[id.Component](in.text("group_id"))
	form := desk.ComponentForm{
		Group: in.checked("group"), GroupID: group, Name: in.texts("name"), Description: in.texts("description"),
		Position: in.whole("position"), Earns: in.checked("earns"), Private: in.checked("private"),
		OnlyIfDegraded: in.checked("only_if_degraded"), Showcase: in.checked("showcase"), StartDate: in.at("start_date"),
		DependsOn: in.components("depends[]"),
	}
	return form, in.faults.Err()
}

func (f *Face) postNewComponent(w http.ResponseWriter, r *http.Request) error {
	form, err := f.parseComponent(r)
	if err == nil {
		_, err = f.desk.AddComponent(r.Context(), form)
	}
	return f.afterComponent(w, r, "", form, err, "added")
}

func (f *Face) postComponent(w http.ResponseWriter, r *http.Request) error {
	c, err := componentOf(r)
	if err != nil {
		return err
	}
	form, err := f.parseComponent(r)
	if err == nil {
		err = f.desk.ChangeComponent(r.Context(), c, form)
	}
	return f.afterComponent(w, r, c, form, err, "kept")
}

func (f *Face) afterComponent(w http.ResponseWriter, r *http.Request, c id.Component, form desk.ComponentForm, err error, done string) error {
	if refusals := ofForm(err); refusals != nil {
		return f.renderComponent(w, r, http.StatusUnprocessableEntity, c, &form, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/components?done="+done)
}

func (f *Face) postArchive(w http.ResponseWriter, r *http.Request) error {
	c, err := componentOf(r)
	if err != nil {
		return err
	}
	if err := f.desk.ArchiveComponent(r.Context(), c); err != nil {
		return err
	}
	return back(w, r, "/console/components?done=archived")
}

func (f *Face) postStatus(w http.ResponseWriter, r *http.Request) error {
	c, err := componentOf(r)
	if err != nil {
		return err
	}
	if err := f.desk.SetStatus(r.Context(), c, component.Status(r.PostFormValue("status"))); err != nil {
		return err
	}
	return back(w, r, "/console/components?done=kept")
}

// named are components by the lines somebody typed, for the first start.
func named(text string, tag lang.Tag) (all []desk.ComponentForm) {
	for _, line := range splitLines(text) {
		all = append(all, desk.ComponentForm{Name: lang.Text{tag: line}, Showcase: true})
	}
	return all
}
