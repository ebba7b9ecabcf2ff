package api

import "candor/staff"

// register is the table of the face: what it offers and what each thing needs.
func (a *API) register() {
	add(a, operation{"GET /api/v1/incidents", "list-incidents", "Incidents, newest first", staff.Look, 0}, a.listIncidents)
	add(a, operation{"POST /api/v1/incidents", "declare-incident", "Declare an incident, schedule a maintenance, or publish a draft", staff.Say, 201}, a.declareIncident)
	add(a, operation{"GET /api/v1/incidents/{id}", "show-incident", "One incident with its updates", staff.Look, 0}, a.showIncident)
	add(a, operation{"PATCH /api/v1/incidents/{id}", "amend-incident", "Change what is known about an incident; nothing is sent", staff.Say, 0}, a.amendIncident)
	add(a, operation{"POST /api/v1/incidents/{id}/updates", "post-update", "Post an update", staff.Say, 201}, a.postUpdate)
	add(a, operation{"POST /api/v1/incidents/{id}/hold", "hold-incident", "Post the holding update: still working on it", staff.Say, 201}, a.holdIncident)
	add(a, operation{"GET /api/v1/proposals", "list-proposals", "Updates that wait for a second person, the oldest first", staff.Look, 0}, a.listProposals)
	add(a, operation{"POST /api/v1/proposals/{id}/approve", "approve-proposal", "Post an update that waited; nobody approves their own", staff.Say, 201}, a.approveProposal)
	add(a, operation{"POST /api/v1/proposals/{id}/decline", "decline-proposal", "Take an update back that waited", staff.Say, 204}, a.declineProposal)
	add(a, operation{"POST /api/v1/incidents/{id}/set-aside", "set-aside-draft", "Make a draft private", staff.Say, 204}, a.setAside)
	add(a, operation{"GET /api/v1/incidents/{id}/deliveries", "list-deliveries", "What became of every message about an incident", staff.Reach, 0}, a.listDeliveries)
	add(a, operation{"POST /api/v1/updates/{id}/corrections", "correct-update", "Correct an update in the open", staff.Say, 204}, a.correctUpdate)
	add(a, operation{"POST /api/v1/updates/{id}/blackouts", "black-out-update", "Take words out of an update for good", staff.Say, 204}, a.blackOutUpdate)
	add(a, operation{"POST /api/v1/announcements/{id}/pause", "pause-announcement", "Hold an announcement back", staff.Say, 204}, a.pauseAnnouncement)
	add(a, operation{"POST /api/v1/announcements/{id}/resume", "resume-announcement", "Let an announcement go on", staff.Say, 204}, a.resumeAnnouncement)
	add(a, operation{"POST /api/v1/deliveries/{id}/retry", "retry-delivery", "Try a delivery again", staff.Reach, 204}, a.retryDelivery)

	add(a, operation{"GET /api/v1/outbox", "list-outbox", "Letters that lie here because no relay is configured, newest first", staff.Reach, 0}, a.listOutbox)
	add(a, operation{"GET /api/v1/outbox/{id}", "show-letter", "One letter of the outbox", staff.Reach, 0}, a.showLetter)
	add(a, operation{"GET /api/v1/reach", "count-reach", "How many people an update would reach", staff.Say, 0}, a.countReach)

	add(a, operation{"GET /api/v1/components", "list-components", "All components", staff.Look, 0}, a.listComponents)
	add(a, operation{"POST /api/v1/components", "add-component", "Add a component or a group", staff.Arrange, 201}, a.addComponent)
	add(a, operation{"GET /api/v1/components/{id}", "show-component", "One component", staff.Look, 0}, a.showComponent)
	add(a, operation{"PUT /api/v1/components/{id}", "change-component", "Replace what is decided about a component", staff.Arrange, 0}, a.changeComponent)
	add(a, operation{"DELETE /api/v1/components/{id}", "archive-component", "Take a component off the page; its past stays", staff.Arrange, 204}, a.archiveComponent)
	add(a, operation{"POST /api/v1/components/{id}/status", "set-status", "Set a component's status without an incident", staff.Say, 0}, a.setStatus)

	add(a, operation{"GET /api/v1/subscribers", "list-subscribers", "Subscribers, newest first", staff.Reach, 0}, a.listSubscribers)
	add(a, operation{"POST /api/v1/subscribers", "add-subscriber", "Add a subscriber; without consent they are asked first", staff.Reach, 201}, a.addSubscriber)
	add(a, operation{"DELETE /api/v1/subscribers/{id}", "end-subscription", "End a subscription", staff.Reach, 204}, a.endSubscription)

	add(a, operation{"GET /api/v1/customers", "list-customers", "Customers, newest first, or those a search finds", staff.Know, 0}, a.listCustomers)
	add(a, operation{"POST /api/v1/customers/import", "import-customers", "Take customers in from a file of comma-separated values, at most 50 MB", staff.Enlist, 0}, a.importCustomers)
	add(a, operation{"GET /api/v1/customers/{id}", "show-customer", "One customer", staff.Know, 0}, a.showCustomer)
	add(a, operation{"PUT /api/v1/customers/{id}", "put-customer", "Add or replace a customer under your own id", staff.Enlist, 0}, a.putCustomer)
	add(a, operation{"DELETE /api/v1/customers/{id}", "erase-customer", "Forget a customer at their wish, for good; the counts stay", staff.Enlist, 204}, a.eraseCustomer)
	add(a, operation{"GET /api/v1/customers/{id}/export", "export-customer", "Everything held about a customer", staff.Know, 0}, a.exportCustomer)

	add(a, operation{"GET /api/v1/calls", "list-calls", "Whom to call now, the most urgent first; nobody is claimed", staff.Telephone, 0}, a.listCalls)
	add(a, operation{"POST /api/v1/calls/{id}/outcome", "note-call", "Note what came of a call, and do what follows from it", staff.Telephone, 204}, a.noteCall)

	add(a, operation{"GET /api/v1/people", "list-people", "The people who speak to customers", staff.Look, 0}, a.listPeople)
	add(a, operation{"POST /api/v1/people", "add-person", "Add a person; without a password they are mailed an invitation", staff.ManageStaff, 201}, a.addPerson)
	add(a, operation{"PUT /api/v1/people/{id}", "change-person", "Change a person", staff.ManageStaff, 204}, a.changePerson)
	add(a, operation{"DELETE /api/v1/people/{id}", "disable-person", "End a person's access", staff.ManageStaff, 204}, a.disablePerson)
	add(a, operation{"POST /api/v1/people/{id}/enable", "enable-person", "Give a person access again", staff.ManageStaff, 204}, a.enablePerson)
	add(a, operation{"POST /api/v1/people/{id}/reset-link", "reset-link", "Mail a person a link to choose a new password", staff.ManageStaff, 202}, a.resetLink)
	add(a, operation{"GET /api/v1/tokens", "list-tokens", "API tokens, without their secrets", staff.ManageStaff, 0}, a.listTokens)
	add(a, operation{"POST /api/v1/tokens", "add-token", "Make a token; its secret is answered once", staff.ManageStaff, 201}, a.addToken)
	add(a, operation{"DELETE /api/v1/tokens/{id}", "revoke-token", "Revoke a token", staff.ManageStaff, 204}, a.revokeToken)

	add(a, operation{"GET /api/v1/settings", "show-settings", "The company's settings, without secrets", staff.Configure, 0}, a.showSettings)
	add(a, operation{"PUT /api/v1/settings", "save-settings", "Replace the company's settings", staff.Configure, 0}, a.saveSettings)
	add(a, operation{"PUT /api/v1/settings/logo", "save-logo", "Replace the company's logo", staff.Configure, 204}, a.saveLogo)
	add(a, operation{"POST /api/v1/test-mail", "send-test", "Mail the token's person through the road everything takes", staff.Configure, 202}, a.sendTest)
	add(a, operation{"GET /api/v1/audit", "list-audit", "Who did what, newest first", staff.ManageStaff, 0}, a.listAudit)

	add(a, operation{"POST /api/v1/alerts", "receive-alerts", "Alertmanager webhook: opens or updates a draft", staff.Alert, 0}, a.receiveAlerts)
	a.checks()
	a.coverage()
	a.scores()
	a.credits()
	a.effects()
	a.callIns()
	a.replies()
	a.comments()
	a.promises()
	a.reports()
	a.receipts()
}
