// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <string>
#include <vector>

namespace ifrit::bench {

/// Prints each figure as one JSON line and remembers whether all goals were met.
class Figures {
public:
    void atMost(const std::string& name, double value, double goal, const std::string& unit,
                const std::string& more = {});
    /// Without a goal: for comparison.
    void tell(const std::string& name, double value, const std::string& unit);
    bool allMet() const { return m_allMet; }

private:
    bool m_allMet = true;
};

/// The longest time that the event loop of this thread did not turn, while it lives.
class Heartbeat : public QObject {
public:
    Heartbeat();
    double longestMs() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    double m_longest = 0;
};

/// Turns the event loop until `ready`; false: not within a minute.
bool waitFor(const std::function<bool()>& ready);
/// Turns it for so long.
void turnFor(int milliseconds);

/// Milliseconds of each of `rounds` calls, sorted.
std::vector<double> timesOf(int rounds, const std::function<void(int)>& call);
double medianOf(const std::vector<double>& sorted);

/// Of the process with all its threads.
double cpuSeconds();
/// Resident megabytes (10^6) now, and the most there were.
double residentMegabytes();
double mostResidentMegabytes();

}  // namespace ifrit::bench
