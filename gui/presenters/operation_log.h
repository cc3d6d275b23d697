// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"
#include "gui/presenters/kept_text.h"

namespace ifrit::gui::presenters {

/// A call to a master, for people.
struct Operation {
    enum class State { Running, Done, Failed, Cancelled };
    std::uint64_t id = 0;
    State state = State::Running;
    KeptText what;
    QString cluster;
    std::string requestId;  ///< what audit and logs call it; empty: not known
    base::WallTime began{};
    std::optional<base::WallTime> ended;
    int percent = -1;  ///< -1: not known
    absl::Status status;
    bool changes = false;
};

/// What a call says about itself when it begins.
struct OperationFacts {
    KeptText what;
    QString cluster;
    std::string requestId;
    bool changes = false;
};

class OperationModel : public models::RecordTableModel<Operation> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::OperationModel)
public:
    explicit OperationModel(const models::TimeText& times, QObject* parent = nullptr);
    static models::StatusLook lookOf(const Operation& operation);
};

/// Every call that changes something, from its first moment, and every other one that takes over a
/// second. Newest first; the oldest of those that ended are forgotten. GUI thread.
class OperationLog : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 500;
    static constexpr std::chrono::milliseconds kSlow{1'000};

    explicit OperationLog(const models::TimeText& times, QObject* parent = nullptr);

    /// `cancel` is called at most once, and not after end().
    std::uint64_t begin(OperationFacts facts, std::function<void()> cancel);
    void progress(std::uint64_t id, int percent);
    /// OK, an error, or CANCELLED; the master's request id is taken from an error that has one.
    void end(std::uint64_t id, const absl::Status& status);
    /// Nobody waits for the answer any more: a question is as if never asked, a change stays in the
    /// list, as the master may have done it.
    void abandon(std::uint64_t id);
    /// By the operator.
    void cancel(std::uint64_t id);

    /// In the order in which they began, the newest first, however the table is sorted and
    /// filtered.
    const std::vector<Operation>& operations() const { return m_model.all(); }
    OperationModel& model() { return m_model; }
    /// Rows that say each word are left in the table.
    void setFilter(const QString& text);
    int running() const;
    /// Shows questions that became slow; called by a timer while there are any.
    void look();

Q_SIGNALS:
    void changed();
    /// Every change, and every question that was slow.
    void ended(const ifrit::gui::presenters::Operation& operation);

private:
    struct Pending {
        Operation operation;
        std::function<void()> cancel;
        bool shown = false;
    };
    void show(const Operation& operation);

    const models::TimeText& m_times;
    OperationModel m_model;
    std::map<std::uint64_t, Pending> m_pending;
    std::uint64_t m_last = 0;
    QTimer m_timer;
};

}  // namespace ifrit::gui::presenters
