// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/ring_batch_model.h"

#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using Batch = Columns<RingBatch>;

Batch::Column number(ColumnTitle title, qint64 RingBatch::*member) {
    return Batch::count(std::move(title), [member](const auto& batch) { return batch.*member; });
}

std::vector<Batch::Column> columns() {
    Batch::Column name = Batch::text({"batch", [] { return RingBatchModel::tr("Batch"); }},
                                     [](const auto& batch) { return batch.name; });
    name.less = [](const auto& a, const auto& b) { return a.batch < b.batch; };
    Batch::Column share = Batch::text(
        {"share", [] { return RingBatchModel::tr("Share"); }},
        [](const auto& batch) { return percent(batch.share, 1.0); }, CellStyle::Number);
    share.less = [](const auto& a, const auto& b) { return a.share < b.share; };
    share.value = [](const auto& batch) { return QVariant(batch.share); };
    return {
        std::move(name),
        Batch::state(
            {"state", [] { return RingBatchModel::tr("State"); }},
            [](const auto& batch) { return batch.look; },
            [](const auto& batch) { return batch.look.word; }),
        std::move(share),
        number({"machines", [] { return RingBatchModel::tr("Machines"); }}, &RingBatch::machines),
        number({"failing", [] { return RingBatchModel::tr("Bad"); }}, &RingBatch::failing),
        number({"virtual_nodes", [] { return RingBatchModel::tr("Virtual nodes"); }},
               &RingBatch::nodes)};
}

}  // namespace

RingBatchModel::RingBatchModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const RingBatch& batch) { return QString::number(batch.batch); }, parent) {}

}  // namespace ifrit::gui::models
