// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>
#include <vector>

#include "gui/models/filter_choices.h"
#include "gui/models/machine_table_model.h"
#include "gui/models/page_parts.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/machine_detail_presenter.h"
#include "gui/presenters/machine_facets.h"
#include "gui/presenters/machine_log_presenter.h"
#include "gui/presenters/machine_removal_presenter.h"
#include "gui/presenters/machine_revocation_presenter.h"
#include "gui/presenters/machine_usage.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {

/// The machines view: table, filter, facets. GUI thread.
class MachinesPresenter : public QObject {
    Q_OBJECT
public:
    using Facet = MachineFacets::Facet;

    MachinesPresenter(ConnectionHub& hub, FleetFeed& feed, models::Worker& worker,
                      QObject* parent = nullptr);

    models::MachineTableModel& model() { return m_model; }
    /// All of the cluster, whatever the filter shows.
    std::unique_ptr<RowSource> everyMachine();
    MachineDetailPresenter& detail() { return m_detail; }
    MachineLogPresenter& log() { return m_log; }
    MachineUsage& usage() { return m_usage; }
    MachineRemovalPresenter& removal() { return m_removal; }
    MachineRevocationPresenter& revocation() { return m_revocation; }
    const models::TimeText& times() const { return m_hub.times(); }

    /// Takes effect at once where it parses; else the table keeps the last good filter.
    void setFilter(const QString& text);
    /// The same while it is typed: a word that may become the name of a field takes effect only
    /// where it does not end at the cursor, or with finishFilter().
    void typeFilter(const QString& text, int cursor);
    void finishFilter();
    /// What can be written at the cursor of a filter's text.
    models::FilterChoices filterChoices(const QString& text, int cursor) const {
        return models::filterChoices(text, cursor, m_feed.store().vocabulary());
    }
    /// Adds the term, or takes it out where it stands already.
    void toggleTerm(const QString& term);
    QString filterText() const { return m_filterText; }
    const std::optional<filter::FilterError>& filterError() const { return m_filterError; }
    QString filterHint() const;

    std::vector<Facet> facets() { return m_facets.of(m_feed.store(), m_model, m_filterText); }
    /// "19 shown · 4 812 matching · 48 721 in all"; empty before all were told.
    QString countLine() const;
    bool orderOutOfDate() const { return m_model.orderOutOfDate(); }
    models::ViewNotice notice() const;
    void refresh() { m_feed.refresh(); }

Q_SIGNALS:
    void changed();
    /// What removal() and revocation() told of how they ended is of a line that is not that one any
    /// more.
    void answersOver();

private:
    void applyFilter(const QString& text);

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    models::Worker& m_worker;
    models::MachineTableModel m_model;
    MachineDetailPresenter m_detail;
    MachineLogPresenter m_log;
    MachineUsage m_usage;
    MachineRemovalPresenter m_removal;
    MachineRevocationPresenter m_revocation;
    MachineFacets m_facets;
    QString m_filterText;
    QString m_appliedText;  ///< of it, what takes effect
    std::optional<filter::FilterError> m_filterError;
};

}  // namespace ifrit::gui::presenters
