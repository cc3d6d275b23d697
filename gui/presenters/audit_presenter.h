// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "gui/models/ctl_command.h"
#include "gui/models/page_parts.h"
#include "gui/models/record_models.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/head_keeper.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/read_age.h"
#include "gui/presenters/releases_presenter.h"
#include "gui/presenters/row_source.h"
#include "gui/presenters/typed_time.h"

namespace ifrit::gui::presenters {

/// Who did what, also what was denied or failed. GUI thread.
class AuditPresenter : public QObject {
    Q_OBJECT
public:
    struct Filter {
        QString actor;
        QString verb;
        QString object;  ///< as it is typed: "release #2" is what this window calls one
        QString result;  ///< "allowed", "denied", "failed"; empty: all
        std::optional<base::WallTime> since = {};
        std::optional<base::WallTime> until = {};
        bool empty() const {
            return actor.isEmpty() && verb.isEmpty() && object.isEmpty() && result.isEmpty() &&
                   !since && !until;
        }
        bool operator==(const Filter&) const = default;
    };

    /// `releases`: whose numbers rows are named by; null: none are known.
    AuditPresenter(ConnectionHub& hub, FleetFeed& feed, HeadKeeper& heads,
                   ReleasesPresenter* releases = nullptr, QObject* parent = nullptr);

    models::AuditModel& model() { return m_model; }
    const Filter& filter() const { return m_filter; }
    void setFilter(const Filter& filter);
    /// A time as it is typed, by the window's clock; empty where it is none.
    std::optional<base::WallTime> timeOf(const QString& text, DayEdge edge) const {
        return typedTime(text, m_hub.times().zone(), edge);
    }
    bool hasMore() const { return m_list.hasMore(); }
    void more() { m_list.more(); }
    void refresh();
    /// The page is shown: what was read long ago is read again.
    void look();
    /// Nobody looks any more: what happens now is read when somebody does.
    void lookAway() { m_isLookedAt = false; }
    /// What shows the same rows with ifritctl.
    models::CtlCommand command() const { return models::auditCommand(queryOf(m_filter)); }
    /// Every row that passes `filter`, which the table shows by pages.
    std::unique_ptr<RowSource> rows(const Filter& filter);

    QList<QPair<QString, QString>> factsOf(int row) const;

    Action verifyAction() const;
    void verify();
    /// How the last walk of the chain ended, or what the heads that are kept here say against it;
    /// empty where there is nothing to say.
    QString verifyText() const;
    models::StatusKind verifyKind() const;

    /// Empty before anything was told.
    QString countLine() const;
    models::ViewNotice notice() const;

Q_SIGNALS:
    void changed();
    /// The window tells times otherwise: what timeOf() says of a text is another moment.
    void clockChanged();

private:
    PagedList<services::AuditRow>::Fetch fetch();
    void restart();  ///< rows of something else
    services::AuditQuery queryOf(const Filter& filter) const;
    /// What this cluster's master calls what is typed.
    QString objectOf(const QString& typed) const;
    /// `kept`: with how many heads of this disk it was compared.
    void verified(const absl::StatusOr<services::AuditVerification>& result, std::size_t kept);

    void learnNumbers();
    /// "release #2"; empty where the object is no release, or one that is not known here.
    QString nameOf(const std::string& object) const;

    ConnectionHub& m_hub;
    HeadKeeper& m_heads;
    ReleasesPresenter* m_releases;
    std::map<std::string, std::uint64_t> m_numbers;  ///< of releases, by id
    models::AuditModel m_model;
    PagedList<services::AuditRow> m_list;
    Filter m_filter;
    services::CallHandle m_verify;
    KeptText m_verifyText;
    models::StatusKind m_verifyKind = models::StatusKind::None;
    bool m_verifying = false;
    QTimer m_reload;
    ReadAge m_age;
    bool m_isLookedAt = true;
};

}  // namespace ifrit::gui::presenters
