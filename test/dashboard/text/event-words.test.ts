import { eventWords } from '../../../dashboard/text/event-words';
import { orderTopics } from '../../../edge/order-topics';
import { topicNamed } from '../../../topics/catalogue';

test('every event that can stand on a timeline has words', () => {
  const topics = orderTopics.ops.map((name) => topicNamed(name));
  const types = topics.flatMap((topic) => topic?.types ?? []);
  expect(types.filter((type) => eventWords(type) === '')).toEqual([]);
});
