// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/real_master.h"

#include <ifrit/v1/machine_link.grpc.pb.h>

#include <csignal>

#include <QDeadlineTimer>
#include <fstream>
#include <sstream>
#include <thread>

#include "shared/base/clock.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"
#include "tests/support/built_programs.h"
#include "tests/support/private_process.h"

namespace ifrit::tests {
namespace {

const base::SystemClock kClock;

}  // namespace

std::string textOf(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

RealServers::RealServers(const QString& databaseDirectory)
    : mariadb({}, databaseDirectory), m_directory(fastDirectory(QStringLiteral("ifrit-masters"))) {
    m_server.socket = mariadb.socket();
    m_server.database = mariadb.newDatabase();
    m_server.user = PrivateMariadb::user();
    m_server.password = PrivateMariadb::password();
    ::setenv("IFRIT_STORE_PASSWORD", m_server.password.c_str(), 1);
}

std::string RealServers::configuration(const std::string& top, const std::string& cache) const {
    return top + "[store]\nkind = \"mariadb\"\nsocket = \"" + m_server.socket +
           "\"\ndatabase = \"" + m_server.database + "\"\nuser = \"" + m_server.user +
           "\"\n[cache]\nkind = \"redis\"\n" +
           (cache.empty() ? "socket = \"" + redis.socket() + "\"\n" : cache);
}

std::unique_ptr<master::storage::Database> RealServers::openDatabase() const {
    master::storage::sql::SqlDatabase::Options options;
    options.server = m_server;
    return orThrow(master::storage::sql::SqlDatabase::open(options, kClock));
}

std::string RealServers::path(const std::string& name) const {
    return m_directory.filePath(QString::fromStdString(name)).toStdString();
}

std::string RealServers::run(const std::vector<std::string>& command) const {
    std::vector<std::string> all = {built("bin/ifrit-master")};
    all.insert(all.end(), command.begin(), command.end());
    const std::string file = path("command.log");
    std::ofstream(file, std::ios::trunc).close();
    ChildProcess process(all, file);
    if (process.wait() != 0) throw std::runtime_error(command[0] + ": " + textOf(file));
    return textOf(file);
}

RealMaster::~RealMaster() {
    if (!m_process) return;
    m_process->signal(SIGCONT);
    m_process->end();
}

void RealMaster::serve(const std::vector<std::string>& options) {
    std::vector<std::string> command{built("bin/ifrit-master"), "serve", "--dir", m_directory};
    command.insert(command.end(), options.begin(), options.end());
    m_process = std::make_unique<ChildProcess>(command, m_directory + ".log");
    const QDeadlineTimer deadline(60'000);
    while (address().empty() && !deadline.hasExpired() && !m_process->poll())
        std::this_thread::yield();
    if (address().empty()) throw std::runtime_error("no master: " + log());
}

void RealMaster::kill() {
    m_process->signal(SIGKILL);
    m_process->wait();
    ::unlink((m_directory + "/run/endpoint").c_str());
}

std::string RealMaster::address() const {
    std::string out = textOf(m_directory + "/run/endpoint");
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

rpc::TlsIdentity RealMaster::enrol(const std::string& uuid, const std::string& token,
                                   const std::string& ca) const {
    const std::string key = orThrow(crypto::generatePrivateKey());
    v1::EnrolRequest request;
    request.set_join_token(token);
    request.set_csr_pem(orThrow(crypto::createCsr(key, uuid)));
    request.set_uuid(uuid);
    request.mutable_facts()->set_machine_type("LINUX");
    v1::EnrolResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(30));
    orThrow(v1::Enrolment::NewStub(rpc::makeChannel(address(), {ca, "", ""}, {}))
                ->Enrol(&context, request, &response),
            "enrol");
    return {ca, response.certificate_pem(), key};
}

std::shared_ptr<grpc::Channel> RealMaster::admin(const std::string& bundleDirectory) const {
    const auto bundle = orThrow(bundle::readBundleFile(bundleDirectory + "/admin.bundle"));
    return rpc::makeChannel(address(), {bundle.caPem, bundle.certificatePem, bundle.privateKeyPem},
                            {});
}

}  // namespace ifrit::tests
