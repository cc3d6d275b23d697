// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/keychain.h"

#include <QTimer>

#include "shared/base/status.h"

#ifdef IFRIT_KEYCHAIN
#include <qt6keychain/keychain.h>
#endif

namespace ifrit::gui::app {

services::CallHandle MemorySecrets::read(const std::string& name,
                                         services::Reply<std::string> reply) {
    auto told = std::make_shared<services::Reply<std::string>>(std::move(reply));
    QTimer::singleShot(0, this, [this, name, told] {
        auto tell = std::exchange(*told, nullptr);
        if (!tell) return;
        tell(known(name));
    });
    return services::CallHandle([told] { *told = nullptr; });
}

absl::StatusOr<std::string> MemorySecrets::known(const std::string& name) const {
    const auto found = m_secrets.find(name);
    if (found == m_secrets.end())
        return base::notFound("SECRET", name, "no secret is kept under this name");
    return found->second;
}

void MemorySecrets::write(const std::string& name, const std::string& secret) {
    m_secrets[name] = secret;
}

void MemorySecrets::remove(const std::string& name) {
    m_secrets.erase(name);
}

#ifdef IFRIT_KEYCHAIN
namespace {

constexpr char kService[] = "ifrit";

class KeychainSecrets final : public QObject, public services::SecretStore {
public:
    services::CallHandle read(const std::string& name,
                              services::Reply<std::string> reply) override {
        auto* job = new QKeychain::ReadPasswordJob(QLatin1String(kService), this);
        job->setKey(QString::fromStdString(name));
        auto told = std::make_shared<services::Reply<std::string>>(std::move(reply));
        connect(job, &QKeychain::Job::finished, this, [this, name, told, job] {
            auto tell = std::exchange(*told, nullptr);
            if (!tell) return;
            if (job->error() == QKeychain::NoError) {
                tell(job->textData().toStdString());
            } else {
                // Locked, denied or away: what this start has learned is still known.
                tell(m_memory.known(name));
            }
        });
        job->start();
        return services::CallHandle([told] { *told = nullptr; });
    }
    void write(const std::string& name, const std::string& secret) override {
        m_memory.write(name, secret);
        auto* job = new QKeychain::WritePasswordJob(QLatin1String(kService), this);
        job->setKey(QString::fromStdString(name));
        job->setTextData(QString::fromStdString(secret));
        job->start();
    }
    void remove(const std::string& name) override {
        m_memory.remove(name);
        auto* job = new QKeychain::DeletePasswordJob(QLatin1String(kService), this);
        job->setKey(QString::fromStdString(name));
        job->start();
    }

private:
    MemorySecrets m_memory;
};

}  // namespace

std::unique_ptr<services::SecretStore> openSecrets() {
    return std::make_unique<KeychainSecrets>();
}
#else
std::unique_ptr<services::SecretStore> openSecrets() {
    return std::make_unique<MemorySecrets>();
}
#endif

}  // namespace ifrit::gui::app
