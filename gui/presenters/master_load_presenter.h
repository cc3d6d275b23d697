// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <vector>

#include "gui/models/chart_parts.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// How the masters of the connected cluster bear its machines, over the last hour: what they kept,
/// asked for while somebody looks, and put together by time. GUI thread.
class MasterLoadPresenter : public QObject {
    Q_OBJECT
public:
    explicit MasterLoadPresenter(ConnectionHub& hub,
                                 std::chrono::milliseconds interval = std::chrono::seconds(10),
                                 QObject* parent = nullptr);

    /// Nothing is asked while nobody looks.
    void setShown(bool shown);
    /// Polls per second, a line for each master.
    models::ChartContent polls() const;
    /// How long they took: the median dashed, the 99th of 100 solid.
    models::ChartContent latency() const;
    models::ViewNotice notice() const;

Q_SIGNALS:
    void changed();

private:
    struct Master {
        services::MasterLoad last;                             ///< without its samples
        bool answered = true;                                  ///< it was in the last answer
        std::map<std::int64_t, services::LoadSample> samples;  ///< by the end of their span
    };
    struct Line {
        QString name;
        std::function<double(const services::LoadSample&)> value;
        bool dashed = false;
    };
    void ask();
    void take(services::MasterLoads loads);
    void letGo();
    /// Asks no more, until there is a reason to.
    void hold();
    void forget();
    Master& masterAt(const std::string& address);
    bool isDrawable() const;
    QString whoIsMissing() const;
    QString note() const;
    /// Something to draw, or why there is nothing.
    models::ChartContent begin(const QString& title, models::ChartUnit unit) const;
    void add(models::ChartContent& out, const Master& master, const Line& line) const;

    ConnectionHub& m_hub;
    bool m_shown = false;
    bool m_asking = false;
    bool m_loaded = false;
    absl::Status m_error;
    services::CallHandle m_call;
    base::WallTime m_answeredAt{};
    std::vector<Master> m_masters;  ///< in the order in which they were first heard of
    QTimer m_again;
};

}  // namespace ifrit::gui::presenters
