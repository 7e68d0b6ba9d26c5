package gui

// Entries of the menu that act on the pane in front.

// sortedTable is the table in front whose rows can be sorted, that of the
// results if there is none.
func (p *page) sortedTable() *table {
	if p.seesDatabase() {
		return p.database.table
	}
	return p.results.table
}

// hasTableRows tells whether the sortedTable has rows, to be sorted, filtered or
// exported.
func (p *page) hasTableRows() bool {
	if p.seesDatabase() {
		return p.database.canExport()
	}
	return p.hasRows()
}

func (p *page) hasDatabase() bool  { return p.database != nil }
func (p *page) seesDatabase() bool { return p.database != nil && p.seen(p.database.tab) }

func (p *page) exportCSV() {
	if p.seesDatabase() {
		p.database.exportCSV()
		return
	}
	p.results.exportCSV()
}

// valuesTable is the table in front that is not that of the results; nil:
// there is none.
func (p *page) valuesTable() *table {
	switch {
	case p.seesDatabase():
		return p.database.table
	case p.source != nil && p.seen(p.source.tab):
		return p.source.table
	case p.seen(p.rejects.tab):
		return p.rejects.table
	}
	return nil
}

func (p *page) copyRow() {
	if t := p.valuesTable(); t != nil {
		t.copySelected()
		return
	}
	p.results.copyChosen()
}

func (p *page) canCopyRow() bool {
	if t := p.valuesTable(); t != nil {
		return true
	}
	return p.hasChosen()
}

func (p *page) focusFilter() {
	if p.seesDatabase() {
		p.Canvas().Focus(p.database.filter)
		return
	}
	p.results.focusFilter()
}

// startOrRun runs the SELECT while the keyboard is in the box for that, else
// it starts a run.
func (p *page) startOrRun() {
	if p.database != nil && p.database.typing() {
		p.database.runQuery()
		return
	}
	p.start()
}

func (p *page) canStartOrRun() bool {
	return p.idle() || p.database != nil && p.database.typing()
}

// focusTables moves the keyboard into the list of the database's tables.
func (p *page) focusTables() {
	p.panes.Select(p.database.tab)
	p.Canvas().Focus(p.database.list)
}
