// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "gui/heads/head_store.h"
#include "gui/models/worker.h"
#include "gui/presenters/connection_hub.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/kept_text.h"

namespace ifrit::gui::presenters {

/// Fetches the audit's signed head when a cluster is opened, a while after rows were added and each
/// hour, holds the heads that are kept on this disk against the master's rows, and keeps the new
/// one. The disk, and the signatures of what is read from it, are a worker's: the window does not
/// stand still for either. GUI thread.
class HeadKeeper : public QObject {
    Q_OBJECT
public:
    HeadKeeper(ConnectionHub& hub, FleetFeed& feed, models::Worker& worker, std::string directory,
               QObject* parent = nullptr);

    /// Reads the heads that are kept now, for a walk of the chain. Not answered once the session
    /// has gone.
    void readKept(std::function<void(const audit::KeptHeads& kept)> done);
    /// What an intact walk found of the rows of `kept`: keeps its head where all agree.
    void take(const audit::KeptHeads& kept, const services::AuditHeads& heads);

    /// A kept head contradicts the master, or a head that it handed out is not signed by it: which
    /// row, since when, what to do. Empty: nothing of the kind.
    QString alarm() const { return m_alarm.text(); }
    /// Why no heads can be kept; empty: they can.
    QString trouble() const { return m_trouble.text(); }

Q_SIGNALS:
    void changed();

private:
    void fetch();
    void failed(const absl::Status& status);
    void keep(const audit::SignedHead& head);
    void wasKept(const absl::Status& status);
    void reset();
    /// `work` on the worker, behind what waits already; then `done`, unless the session has gone.
    using Work = std::function<absl::Status(heads::HeadStore& store)>;
    using Worked = std::function<void(const absl::Status& status)>;
    void onDisk(Work work, Worked done);
    void workOn();
    QString rewritten(const audit::HeadReport& report) const;
    static QString troubleOf(const absl::Status& status);

    ConnectionHub& m_hub;
    models::Worker& m_worker;
    /// The worker's while m_isWorking, which has it longer than this where it must.
    std::shared_ptr<heads::HeadStore> m_store;
    struct Job {
        Work work;
        Worked done;
        int session = 0;
    };
    std::deque<Job> m_jobs;  ///< one at a time: the store is not for two threads
    bool m_isWorking = false;
    int m_session = 0;
    KeptText m_alarm;
    KeptText m_trouble;
    services::CallHandle m_call;
    bool m_isFetched = false;  ///< in this session, and it did not fail
    int m_lockedOut = 0;       ///< times in a row
    QTimer m_soon{this};
    QTimer m_hourly{this};
};

}  // namespace ifrit::gui::presenters
