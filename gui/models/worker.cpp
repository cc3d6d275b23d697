// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/worker.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace ifrit::gui::models {

PoolWorker::~PoolWorker() {
    QThreadPool::globalInstance()->waitForDone();
}

void PoolWorker::run(QObject* context, std::function<void()> work, std::function<void()> done) {
    struct Job {
        QPointer<QObject> context;
        std::function<void()> work;
        std::function<void()> done;
    };
    auto job = std::make_shared<Job>(Job{context, std::move(work), std::move(done)});
    QThreadPool::globalInstance()->start([job = std::move(job)]() mutable {
        job->work();
        // Moved into the event, so that the last reference goes on the GUI thread.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [job = std::move(job)] {
                if (job->context) job->done();
            },
            Qt::QueuedConnection);
    });
}

}  // namespace ifrit::gui::models
