// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/bench_figures.h"

#include <fmt/format.h>

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace ifrit::bench {
namespace {

constexpr int kLimitMs = 60'000;

double kilobytesOf(const char* key) {
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith(key)) return line.mid(qstrlen(key)).trimmed().split(' ')[0].toDouble();
    }
    return 0;
}

}  // namespace

void Figures::atMost(const std::string& name, double value, double goal, const std::string& unit,
                     const std::string& more) {
    const bool met = value <= goal;
    m_allMet = m_allMet && met;
    std::printf(
        "{\"bench\": \"%s\", \"value\": %.4g, \"unit\": \"%s\", \"at_most\": %g%s, \"ok\": %s}\n",
        name.c_str(), value, unit.c_str(), goal, more.c_str(), met ? "true" : "false");
    std::fflush(stdout);
}

void Figures::tell(const std::string& name, double value, const std::string& unit) {
    std::printf("{\"bench\": \"%s\", \"value\": %.4g, \"unit\": \"%s\"}\n", name.c_str(), value,
                unit.c_str());
    std::fflush(stdout);
}

Heartbeat::Heartbeat() {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(1);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_longest = std::max(m_longest, static_cast<double>(m_since.nsecsElapsed()) / 1e6);
        m_since.start();
    });
    m_since.start();
    m_timer.start();
}

bool waitFor(const std::function<bool()>& ready) {
    QElapsedTimer timer;
    timer.start();
    while (!ready()) {
        if (timer.elapsed() > kLimitMs) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    return true;
}

void turnFor(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
}

std::vector<double> timesOf(int rounds, const std::function<void(int)>& call) {
    std::vector<double> out;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        call(round);
        out.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(out.begin(), out.end());
    return out;
}

double medianOf(const std::vector<double>& sorted) {
    return sorted.empty() ? 0 : sorted[sorted.size() / 2];
}

double cpuSeconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double residentMegabytes() {
    return kilobytesOf("VmRSS:") * 1024 / 1e6;
}

double mostResidentMegabytes() {
    return kilobytesOf("VmHWM:") * 1024 / 1e6;
}

}  // namespace ifrit::bench
