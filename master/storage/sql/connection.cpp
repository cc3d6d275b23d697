// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/connection.h"

#include <QSqlError>
#include <QVariant>
#include <atomic>
#include <exception>
#include <utility>

#include "master/storage/sql/storable_text.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

std::string nextName() {
    static std::atomic<std::uint64_t> counter{0};
    return fmt::format("ifrit-{}", ++counter);
}

std::string fromQt(const QString& text) {
    return text.toStdString();
}

absl::StatusOr<QVariant> toVariant(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return QVariant(static_cast<qlonglong>(*number));
    if (const auto* fraction = std::get_if<double>(&value)) return QVariant(*fraction);
    if (const auto* raw = std::get_if<Bytes>(&value))
        return QVariant(QByteArray(raw->value.data(), static_cast<qsizetype>(raw->value.size())));
    if (const auto* words = std::get_if<Text>(&value)) {
        IFRIT_RETURN_IF_ERROR(checkStorable(words->value));
        return QVariant(toQt(words->value));
    }
    return QVariant();
}

/// A library that throws must not leave the transaction open: the next one could not begin.
absl::Status guarded(const std::function<absl::Status()>& work) {
    try {
        return work();
    } catch (const std::exception& error) {
        return base::makeError(
            absl::StatusCode::kInternal, "EXCEPTION", "",
            fmt::format("a use case threw in its transaction: {}", error.what()));
    }
}

}  // namespace

std::string Row::text() {
    // Some drivers give text as the bytes that it is made of.
    const QVariant value = m_query.value(m_column++);
    if (value.typeId() == QMetaType::QByteArray) return value.toByteArray().toStdString();
    return fromQt(value.toString());
}

std::string Row::bytes() {
    return m_query.value(m_column++).toByteArray().toStdString();
}

std::int64_t Row::integer() {
    return m_query.value(m_column++).toLongLong();
}

double Row::real() {
    return m_query.value(m_column++).toDouble();
}

std::optional<base::WallTime> Row::optionalTime() {
    if (!m_query.isNull(m_column)) return time();
    ++m_column;
    return std::nullopt;
}

Connection::Connection(const Dialect& dialect, Use use, std::string name)
    : m_dialect(dialect), m_use(use), m_name(std::move(name)) {}

Connection::~Connection() {
    // Qt wants every user of the connection gone before its name.
    m_idle.clear();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(toQt(m_name));
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::open(const Place& place, Use use) {
    std::unique_ptr<Connection> out(new Connection(*place.dialect, use, nextName()));
    IFRIT_RETURN_IF_ERROR(out->connect(place));
    return out;
}

absl::Status Connection::connect(const Place& place) {
    m_database = QSqlDatabase::addDatabase(QLatin1String(m_dialect.driver), toQt(m_name));
    if (!m_database.isValid()) {
        return base::failedPrecondition("DRIVER_MISSING", m_dialect.driver,
                                        "Qt has no SQL driver {}; install its package (Debian: {})",
                                        m_dialect.driver, m_dialect.driverPackage);
    }
    m_database.setDatabaseName(toQt(place.database));
    m_database.setHostName(toQt(place.host));
    if (place.port != 0) m_database.setPort(place.port);
    m_database.setUserName(toQt(place.user));
    m_database.setPassword(toQt(place.password));
    m_database.setConnectOptions(toQt(place.options));
    if (!m_database.open())
        return failure(m_database.lastError(), fmt::format("opening {}", place.shown));
    if (place.isEncrypted) IFRIT_RETURN_IF_ERROR(checkEncrypted(place));
    for (const char* sql : m_use == Use::Write ? m_dialect.onWriter : m_dialect.onReader)
        IFRIT_RETURN_IF_ERROR(base::annotate(execute(sql), place.shown));
    return absl::OkStatus();
}

absl::Status Connection::checkEncrypted(const Place& place) {
    QSqlQuery query(m_database);
    const bool asked = query.exec(QStringLiteral("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
    if (asked && query.next() && !query.value(1).toString().isEmpty()) return absl::OkStatus();
    return statusOf(Fault::Away,
                    place.shown +
                        ": the server does not encrypt; give it a certificate, or leave "
                        "out tls_ca");
}

absl::Status Connection::failure(const QSqlError& error, std::string_view what) {
    const std::string said = fromQt(error.databaseText());
    const Fault fault = m_dialect.classify(error.nativeErrorCode().toInt(), said);
    const absl::Status status = statusOf(fault, fmt::format("database, {}: {}", what, said));
    if (fault == Fault::Away || fault == Fault::Broken) m_lost = true;
    // The one error that stores expect and go on after.
    if (fault != Fault::Duplicate && m_doomed.ok()) m_doomed = status;
    return status;
}

const std::string& Connection::upsert(const std::string& table,
                                      const std::vector<std::string>& keys,
                                      const std::vector<std::string>& others) {
    std::string& sql = m_upserts[table];
    if (sql.empty()) sql = m_dialect.upsert(table, keys, others);
    return sql;
}

absl::Status Connection::execute(const std::string& sql) {
    QSqlQuery query(m_database);
    if (!query.exec(toQt(sql))) return failure(query.lastError(), sql);
    return absl::OkStatus();
}

absl::StatusOr<QSqlQuery> Connection::start(const std::string& sql, const Values& values) {
    if (m_inTransaction && !m_doomed.ok()) return m_doomed;
    std::vector<QSqlQuery>& idle = m_idle[sql];
    std::optional<QSqlQuery> query;
    if (idle.empty()) {
        query.emplace(m_database);
        query->setForwardOnly(true);
        if (!query->prepare(toQt(sql))) return failure(query->lastError(), sql);
        // Qt makes room for one value more with each that is bound, and copies all before it: two
        // seconds for a statement of five hundred rows. So the last one comes first.
        if (!values.empty()) query->bindValue(static_cast<int>(values.size()) - 1, QVariant());
    } else {
        query.emplace(std::move(idle.back()));
        idle.pop_back();
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto variant = toVariant(values[i]);
        if (!variant.ok()) {
            if (m_doomed.ok()) m_doomed = variant.status();
            return variant.status();
        }
        query->bindValue(static_cast<int>(i), *variant);
    }
    if (!query->exec()) return failure(query->lastError(), sql);
    return *std::move(query);
}

void Connection::finish(const std::string& sql, QSqlQuery query) {
    query.finish();
    m_idle[sql].push_back(std::move(query));
}

absl::StatusOr<std::uint64_t> Connection::run(const std::string& sql, const Values& values) {
    IFRIT_ASSIGN_OR_RETURN(QSqlQuery query, start(sql, values));
    const int affected = query.numRowsAffected();
    finish(sql, std::move(query));
    return affected < 0 ? std::uint64_t{0} : static_cast<std::uint64_t>(affected);
}

absl::Status Connection::each(const std::string& sql, const Values& values, const OnRow& onRow) {
    IFRIT_ASSIGN_OR_RETURN(QSqlQuery query, start(sql, values));
    absl::Status status;
    while (status.ok() && query.next()) {
        Row row(query);
        status = onRow(row);
    }
    if (status.ok() && query.lastError().isValid()) return failure(query.lastError(), sql);
    finish(sql, std::move(query));
    return status;
}

absl::Status Connection::transaction(const std::function<absl::Status()>& work) {
    m_doomed = absl::OkStatus();
    m_notes.clear();
    m_begun = false;
    IFRIT_RETURN_IF_ERROR(
        execute(m_use == Use::Write ? m_dialect.beginWrite : m_dialect.beginRead));
    m_begun = true;
    m_inTransaction = true;
    absl::Status status = guarded(work);
    m_inTransaction = false;
    if (status.ok()) status = m_doomed;
    if (status.ok()) status = execute("COMMIT");
    if (!status.ok() && !m_lost) {
        // May fail where the engine has rolled back already; the state is the same.
        QSqlQuery(m_database).exec(QStringLiteral("ROLLBACK"));
    }
    return status;
}

}  // namespace ifrit::master::storage::sql
