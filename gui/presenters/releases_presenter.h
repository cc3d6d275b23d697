// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "gui/models/page_parts.h"
#include "gui/models/record_models.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/draft_discard.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {

/// The list of releases. GUI thread.
class ReleasesPresenter : public QObject {
    Q_OBJECT
public:
    ReleasesPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    models::ReleaseModel& model() { return m_model; }
    bool loaded() const { return m_list.loaded(); }
    bool hasMore() const { return m_list.hasMore(); }
    void more() { m_list.more(); }
    /// The whole list, which the table shows by pages.
    std::unique_ptr<RowSource> rows();
    void refresh();
    /// Each word has to be in what a row says; the list is read to its end for it.
    void setFilter(const QString& text);
    QString filterText() const { return m_filter; }
    /// Why the table has no row; empty: it has.
    QString emptyLine() const;

    Action createAction() const;
    /// Of a draft on the list.
    DraftDiscard& discard() { return m_discard; }
    /// nullptr: it is not on the list, as far as that was read.
    const services::ReleaseInfo* find(const QString& releaseId) const;
    /// Of the whole list; what was counted in the part of it that was read says so.
    QList<models::Figure> figures() const;
    /// Releases that wait for a person, of the whole list: halted, or in a stage that wants verify.
    int attention() const;
    /// Empty before anything was told.
    QString countLine() const;
    models::ViewNotice notice() const;

Q_SIGNALS:
    void changed();

private:
    /// What runs, of the whole list: nothing while the list was not read to its end and that is not
    /// known yet.
    const std::vector<services::ReleaseInfo>* unended() const;
    void readUnended();

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    models::ReleaseModel m_model;
    PagedList<services::ReleaseInfo> m_list;
    /// Beside a list that has more: those that run, all of them. None of them must hide behind a
    /// page, and they are few.
    PagedList<services::ReleaseInfo> m_unended;
    QString m_filter;
    DraftDiscard m_discard;
    QTimer m_reload;
};

}  // namespace ifrit::gui::presenters
