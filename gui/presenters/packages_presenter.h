// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <optional>

#include "gui/models/page_parts.h"
#include "gui/models/record_models.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/pending_change.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {

/// The package store: list, one package's manifest, publish, delete. GUI thread.
class PackagesPresenter : public QObject {
    Q_OBJECT
public:
    PackagesPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    models::PackageModel& model() { return m_model; }
    bool hasMore() const { return m_list.hasMore(); }
    void more() { m_list.more(); }
    /// The whole list, which the table shows by pages.
    std::unique_ptr<RowSource> rows();
    void refresh();
    /// Each word has to be in what a row says; the list is read to its end for it. A package that
    /// is left out is not chosen any more.
    void setFilter(const QString& text);
    QString filterText() const { return m_filter; }
    /// Why the table has no row; empty: it has.
    QString emptyLine() const;
    /// Whether somebody looks at the list.
    void setShown(bool shown);

    void choose(const QString& digest);
    const std::optional<services::PackageInfo>& chosen() const { return m_chosen; }
    QList<QPair<QString, QString>> chosenFacts() const;
    /// Why the chosen one's manifest is not there; OK: it is, or is on its way.
    const absl::Status& manifestError() const { return m_manifestError; }

    Action publishAction() const;
    void publish(const QString& path);
    void cancelPublish();
    bool publishing() const { return m_publishing; }
    int publishPercent() const { return m_percent; }
    /// "Uploading 12 of 18 MiB", or how the last one ended.
    QString publishText() const { return m_publishText.text(); }
    models::StatusKind publishKind() const { return m_publishKind; }

    Action removeAction() const;
    /// Of the package that removeFacts() was about. nullopt: it is not there any more.
    std::optional<Action> removeAction(const std::string& digest) const;
    models::DangerFacts removeFacts() const;
    /// The package that removeFacts() was about, whichever is chosen by now.
    void remove(const std::string& digest, const QString& reason);

    /// Empty before anything was told.
    QString countLine() const;
    models::ViewNotice notice() const;

Q_SIGNALS:
    void changed();
    void chosenChanged();
    void publishChanged();
    void acted(const QString& sentence);

private:
    Action removeActionOf(const services::PackageInfo& package) const;
    /// The chosen package is the one of the list, or none once the list has lost it.
    void followChosen();
    void progress(const services::PublishProgress& progress);
    void published(const absl::StatusOr<services::PublishResult>& result);

    ConnectionHub& m_hub;
    models::PackageModel m_model;
    PagedList<services::PackageInfo> m_list;
    QString m_filter;
    std::optional<services::PackageInfo> m_chosen;
    absl::Status m_manifestError;
    services::CallHandle m_get;
    services::CallHandle m_publish;
    PendingChange m_remove;
    QTimer m_reload;
    bool m_shown = false;
    bool m_stale = false;  ///< something happened that was not read for nobody looked
    QString m_path;
    KeptText m_publishText;
    models::StatusKind m_publishKind = models::StatusKind::None;
    int m_percent = 0;
    bool m_publishing = false;
};

}  // namespace ifrit::gui::presenters
