// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <QCoreApplication>
#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// Rows that a table does not show, or has not loaded: read whole before they are exported, so that
/// a file never ends where a page of a list happened to. GUI thread.
class RowSource {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::RowSource)
public:
    /// Rows that are there so far.
    using Progress = std::function<void(qint64)>;
    /// Empty: model() has every row. Else why not, as a sentence.
    using Done = std::function<void(const QString& problem)>;
    virtual ~RowSource() = default;
    /// Once. `done` is called once and from the event loop, and may destroy the source; destroying
    /// it earlier ends the reading.
    virtual void read(Progress progress, Done done) = 0;
    virtual const QAbstractItemModel& model() const = 0;
    static QString closedText() { return tr("The connection was closed."); }
};

/// Records that are there already, of which a filter shows a part.
template <typename T, typename Model>
class HeldRows final : public RowSource {
public:
    HeldRows(const models::TimeText& times, std::vector<T> records) : m_model(times) {
        m_model.setRecords(std::move(records));
    }
    void read(Progress, Done done) override {
        QMetaObject::invokeMethod(
            &m_model, [done = std::move(done)] { done({}); }, Qt::QueuedConnection);
    }
    const QAbstractItemModel& model() const override { return m_model; }

private:
    Model m_model;
};

/// A list that a master hands out by pages, read to its end into a model of its own.
template <typename T, typename Model>
class PagedRows final : public RowSource {
public:
    using Fetch = std::function<services::CallHandle(const services::PageRequest&,
                                                     services::Reply<services::Page<T>>)>;

    PagedRows(ConnectionHub& hub, Fetch fetch)
        : m_hub(hub), m_fetch(std::move(fetch)), m_model(hub.times()) {}

    void read(Progress progress, Done done) override {
        m_progress = std::move(progress);
        m_done = std::move(done);
        QObject::connect(&m_hub, &ConnectionHub::sessionClosing, &m_context, [this] {
            m_call.cancel();
            end(closedText());
        });
        if (m_hub.session() != nullptr) {
            ask({});
        } else {
            QMetaObject::invokeMethod(
                &m_context, [this] { end(closedText()); }, Qt::QueuedConnection);
        }
    }
    const QAbstractItemModel& model() const override { return m_model; }

private:
    static constexpr std::uint32_t kPage = 5'000;

    void ask(const std::string& token) {
        m_call = m_fetch({token, kPage},
                         [this](absl::StatusOr<services::Page<T>> page) { take(std::move(page)); });
    }
    void take(absl::StatusOr<services::Page<T>> page) {
        if (!page.ok()) {
            end(sentenceOf(page.status()));
            return;
        }
        std::move(page->items.begin(), page->items.end(), std::back_inserter(m_items));
        m_progress(static_cast<qint64>(m_items.size()));
        if (!page->nextToken.empty()) {
            ask(page->nextToken);
            return;
        }
        m_model.setRecords(std::move(m_items));
        end({});
    }
    void end(const QString& problem) {
        // It may destroy this source.
        if (const Done done = std::exchange(m_done, nullptr)) done(problem);
    }

    ConnectionHub& m_hub;
    Fetch m_fetch;
    Model m_model;
    std::vector<T> m_items;
    Progress m_progress;
    Done m_done;
    services::CallHandle m_call;
    QObject m_context;
};

}  // namespace ifrit::gui::presenters
